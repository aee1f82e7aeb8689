"""The figures of a bay as its node needs them; the defaults are those of the machine's design."""


class Config:
    """Figures in mm, ms, mA, mV, raw counts and permille of full drive."""

    def __init__(self):
        self._of_the_hatch()
        self._of_its_diagnosis()
        self._of_the_gate()
        self._of_the_senses()
        # From an obeyed `restart` to the restart itself: what is said until then is 1 KB at most,
        # which the line carries in 90 ms.
        self.restart_ms = 100

    def _of_the_hatch(self):
        # Full drive moves the unloaded leaf at 213 mm/s and the real one at 200 mm/s;
        # closing stays below 150 mm/s, and below 80 mm/s on the last 60 mm, even without load.
        # Creeping begins earlier, because the position is estimated from the drive alone.
        self.travel_mm = 400
        self.full_speed_mm_s = 200
        self.open_permille = 1000
        self.close_permille = -700
        self.creep_permille = -375
        self.creep_from_mm = 80
        self.slow_permille = 400
        self.unlock_ms = 150
        self.warn_ms = 1000
        self.hold_ms = 5000
        self.pinches = 3
        # Half as much again as the motion takes; slow is for creeping and slow reopening.
        self.open_limit_ms = 3000
        self.close_limit_ms = 5000
        self.slow_limit_ms = 8000
        # At rest before the other direction: 50 ms and one scan.
        self.dead_ms = 60
        self.rest_ma = 100
        self.rest_limit_ms = 600
        # The leaf runs at 0.6 A, and hardware limits the thrust to 80 N or 1.5 A.
        self.pinch_ma = 1000
        self.pinch_scans = 2
        self.inrush_ms = 150
        self.jam_ms = 300
        self.ajar_ms = 20

    def _of_its_diagnosis(self):
        # Driven and less than this for so long: nobody sees what the motor does.
        self.silent_ma = 50
        self.silent_ms = 500
        # The estimated position is good to 20 mm over one run.
        self.early_mm = 60
        self.lets_go_ms = 600
        # The hatch's own current, learned from its first runs; later ones are held against it.
        self.learn_runs = 8
        self.pinch_above_ma = 350
        self.harder_percent = 130
        self.slower_percent = 115
        self.odd_runs = 3
        # A sound limit is quiet 5 ms after its first contact.
        self.chatter_ms = 20
        self.chatter_changes = 5

    def _of_the_gate(self):
        self.bins = 4
        self.turn_limit_ms = 5000
        self.leaves_limit_ms = 1200
        self.dwell_ms = 500

    def _of_the_senses(self):
        self.edge_pressed_ohm = 1000
        self.edge_broken_ohm = 50000
        self.supply_mv = 24000
        self.supply_min_mv = 20000
        self.fire_dc = 600
        self.warm_dc = 300
        self.warm_above_dc = 30
        self.near_mm = 150
        self.inside_ms = 2000
        self.curtain_test_ms = 60
        self.never_free_ms = 30000
        # Twenty readings of a sensor that is read ten times a second. Shorter than any closing, so
        # that whatever froze before one is known for frozen before it could end in a lock.
        self.repeats_ms = 2000
        # Load: 8 kg on a 20 kg cell of 2 mV/V, until the controller knows better.
        self.load_limit_raw = 1442840
        self.cell_silent_ms = 500

    def change(self, figures):
        """Take other figures, by name.

        Raises:
            KeyError: There is no figure of that name.
        """
        for name, value in figures.items():
            if not hasattr(self, name):
                raise KeyError("no figure '%s'" % name)
            setattr(self, name, value)
        return self
