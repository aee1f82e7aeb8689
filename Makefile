# The same names as in scripts/; `make test ARGS="-k scale"` hands arguments on.
.PHONY: demo test check bench campaign
demo test check bench campaign:
	@scripts/$@ $(ARGS)
