"""Writes archives of arrays as NumPy does."""
import numpy as np
a = {
    'float32': np.arange(6, dtype='<f4').reshape(2, 3), 'float64': np.arange(6, dtype='>f8').reshape(2, 3),
    'float16': np.asfortranarray(np.arange(6, dtype='<f2').reshape(2, 3)), 'int64': np.arange(6).reshape(2, 3),
    'uint32': np.asfortranarray(np.arange(6, dtype='>u4').reshape(2, 3)), 'bool': np.array([True, False]),
    'scalar': np.array(7, dtype='<f4'), 'empty': np.zeros((0, 3), dtype='<f4'),
    'layers.0/weight': np.asfortranarray(np.arange(24, dtype='<f4').reshape(2, 3, 4))}
np.savez('stored.npz', **a)
np.savez_compressed('deflated.npz', **a)
