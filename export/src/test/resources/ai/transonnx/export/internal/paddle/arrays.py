"""Writes what paddle.save writes: see paddle.framework.io, _build_saved_state_dict and _pickle_save."""
import pickle, sys, numpy as np
from collections import OrderedDict
def arrays(rows=7):
    big = np.arange(rows * 300, dtype='<f4').reshape(rows, 300)
    return OrderedDict(
        float32=big, float64=np.arange(6, dtype='<f8').reshape(2, 3), float16=np.arange(6, dtype='<f2').reshape(2, 3),
        int64=np.arange(6).reshape(2, 3), uint8=np.arange(6, dtype='u1').reshape(2, 3), bool=np.array([[True, False, True], [False, True, True]]),
        bfloat16=(np.arange(6, dtype='<f4').view('<u4') >> 16).astype('<u2').reshape(2, 3),
        columns=np.asfortranarray(np.arange(6, dtype='<f4').reshape(2, 3)),
        swapped=np.arange(6, dtype='>f4').reshape(2, 3), swapped_columns=np.asfortranarray(np.arange(6, dtype='>i2').reshape(2, 3)),
        permuted=np.arange(24, dtype='<f4').reshape(2, 3, 4).transpose(1, 2, 0),
        scalar=np.array(7, dtype='<f4'), empty=np.zeros((0, 3), dtype='<f4'), number=np.float32(3))
a = arrays()
names = {k: 'linear_%d.w_0' % i for i, k in enumerate(a)}
for p in (2, 3, 4, 5):
    a = arrays(70 if p == 2 else 7)
    with open(f'arrays-{p}.pdparams', 'wb') as f:
        pickle.dump(dict(a, **{'StructuredToParameterName@@': names}), f, protocol=p)
a = arrays()
class Tensor:
    def __init__(self, name, data): self.name, self.data = name, data
    def __reduce__(self): return tuple, ((self.name, self.data),)
for p in (2, 4):
    with open(f'pairs-{p}.pdparams', 'wb') as f:
        pickle.dump(OrderedDict((k, Tensor(names[k], v)) for k, v in a.items()), f, protocol=p)
split = {k: v for k, v in a.items() if k != 'float32'}
flat = a['float32'].flatten()
for i in range(3): split['float32@@.%d' % i] = flat[i * 700:(i + 1) * 700]
split['UnpackBigParamInfor@@'] = {'float32': {'OriginShape': (7, 300), 'slices': ['float32@@.%d' % i for i in range(3)]}}
with open('split-2.pdparams', 'wb') as f: pickle.dump(split, f, protocol=2)
# NumPy 1's module names
for p in (2, 4):
    old = pickle.dumps(dict(a), protocol=p)
    if p == 2: old = old.replace(b'cnumpy._core.', b'cnumpy.core.')
    else: continue
    open(f'numpy1-{p}.pdparams', 'wb').write(old)
