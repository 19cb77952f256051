"""One kind of identifying detail a module.

Presidio's recognisers were the model (one a file, near misses in the tests); its package is
not imported, because that loads transformers and TensorFlow, half a minute on this machine.
A test compares ours with Presidio's patterns (`tests/privacy/test_presidio.py`).
"""
