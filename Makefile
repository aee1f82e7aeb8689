# The same names as in scripts/; `make test ARGS="-k scale"` hands arguments on.
.PHONY: demo test check bench campaign flash screens
demo test check bench campaign flash screens:
	@scripts/$@ $(ARGS)
