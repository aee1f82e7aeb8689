"""The controller's pure core: no asyncio, no clock, no input or output."""
