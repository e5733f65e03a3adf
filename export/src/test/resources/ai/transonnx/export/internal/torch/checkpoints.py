"""Writes the checkpoints beside this file, with PyTorch 2.13 and NumPy 2. Weights count from 0 in each tensor."""
import argparse
import collections
import datetime
import enum
import functools
import pathlib
import sys
import types

import numpy as np
import torch
from torch import nn

# Classes of a user's program, which nobody else can import.
program = types.ModuleType("program")
sys.modules["program"] = program


def of_program(made):
    made.__module__ = "program"
    made.__qualname__ = made.__name__
    setattr(program, made.__name__, made)
    return made


@of_program
class Stage(enum.Enum):
    FIT = 1


@of_program
class Options(dict):
    pass


@of_program
class Callback:
    __slots__ = ("every", "paths")

    def __init__(self):
        self.every = 10
        self.paths = [pathlib.PurePosixPath("runs/1")]


@of_program
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(3, 2)
        self.norm = nn.BatchNorm1d(2)
        self.out = nn.Linear(2, 3, bias=False)
        self.out.weight = self.emb.weight
        self.blocks = nn.ModuleList([nn.Linear(2, 2), nn.Identity()])
        self.register_buffer("scale", torch.tensor(0.5))
        self.register_buffer("mask", torch.ones(2, 2), persistent=False)
        self.register_parameter("bias", None)
        self.extra = [1, "two", {"three": torch.ones(3)}]


@of_program
class Wrapper(nn.Module):
    """As Lightning's modules and moving averages of weights."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.original = [net]
        self.averages = {"shadow": state(2)}


@of_program
class Trainer:
    def __init__(self):
        self.args = argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("out"))
        self.step = 7
        self.model = counted(Net())
        self.ema = Wrapper(self.model)


@of_program
def loss(a, b):
    return a - b


def counted(module):
    for tensor in [*module.parameters(), *module.buffers()]:
        if tensor.is_floating_point():
            tensor.data = torch.arange(tensor.numel(), dtype=tensor.dtype).reshape(tensor.shape)
    return module


def state(rows):
    return {"w": torch.arange(rows * 2.0).reshape(rows, 2), "b": torch.arange(2.0)}


def lightning():
    net = counted(nn.Linear(2, 2))
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
    net = counted(net)
    return {
        "epoch": 3,
        "global_step": 10,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": {"net." + name: tensor for name, tensor in net.state_dict().items()},
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 3}}}},
        "callbacks": {"EMA{'decay': 0.99}": {"decay": 0.99, "averages": state(3)}},
        "optimizer_states": [optimizer.state_dict()],
        "lr_schedulers": [schedule.state_dict()],
        "hparams_name": "kwargs",
        "hyper_parameters": {
            "optimizer": functools.partial(torch.optim.Adam, lr=1e-3),
            "args": argparse.Namespace(lr=0.1, nested=argparse.Namespace(depth=2)),
            "path": pathlib.PurePosixPath("/data/x"),
            "date": datetime.datetime(2024, 2, 3, tzinfo=datetime.timezone.utc),
            "stage": Stage.FIT,
            "queue": collections.deque([1, 2], maxlen=3),
            "default": collections.defaultdict(list, a=[1]),
            "counts": collections.Counter("aab"),
            "slice": slice(1, None, 2),
            "range": range(3),
            "sets": ({1, 2}, frozenset("ab")),
            "huge": 1 << 90,
            "complex": 1 + 2j,
            "bytes": bytearray(b"ab"),
            "options": Options(a=1, b=Options(c=2)),
            "callback": Callback(),
            "loss": loss,
            "class": Callback,
            "size": torch.Size([2, 3]),
            "device": torch.device("cpu"),
            "dtype": torch.float32,
            "scalar": np.float32(0.5),
            "array": np.arange(3),
            "texts": np.array(["a", "bc"]),
            "objects": np.array([None, "x"], dtype=object),
            "records": np.zeros(2, dtype=[("a", "<i4"), ("b", "<f8")]),
            "dates": np.array(["2024-01-01"], dtype="datetime64[D]"),
            "name": np.str_("x"),
        },
        "rng": {"torch": torch.arange(5, dtype=torch.uint8), "numpy": np.random.default_rng(0)},
    }


def kinds():
    plain = torch.arange(4.0)
    return {
        "plain": plain,
        "parameter": nn.Parameter(plain + 1),
        "float8": plain.to(torch.float8_e4m3fn),
        "complex": plain.to(torch.complex64),
        "conjugate": plain.to(torch.complex64).conj(),
        "sparse": plain.reshape(2, 2).to_sparse(),
        "rows": plain.reshape(2, 2).to_sparse_csr(),
        "quantized": torch.quantize_per_tensor(plain, 0.1, 0, torch.qint8),
        "meta": torch.ones(3, device="meta"),
        "nested": torch.nested.nested_tensor([plain, plain[:2]]),
        "buffer": nn.Buffer(plain + 2),
    }


torch.save(counted(Net()), "module.pt")
torch.save(Trainer(), "trainer.pt")
torch.save(lightning(), "lightning.ckpt")
torch.save({"model": kinds()}, "kinds.pt")
torch.save(lightning(), "protocol-5.ckpt", pickle_protocol=5)
