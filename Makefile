# The same names as in scripts/; `make test ARGS="-k scale"` hands arguments on.
.PHONY: demo test check bench campaign flash
demo test check bench campaign flash:
	@scripts/$@ $(ARGS)
