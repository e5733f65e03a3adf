"""Writes checkpoints in the layout of DeepSpeed 0.17, without DeepSpeed (torch 2.13)."""
import enum, math, os, shutil, sys, types
from collections import OrderedDict
import torch


def module(name):
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]), types.ModuleType(".".join(parts[:i])))
    return sys.modules[name]


class ZeroStageEnum(int, enum.Enum):
    optimizer_states = 1
    gradients = 2
    weights = 3


class DynamicLossScaler:
    def __init__(self):
        self.cur_scale = 65536
        self.dtype = torch.float16


for cls, name in ((ZeroStageEnum, "deepspeed.runtime.zero.config"),
                  (DynamicLossScaler, "deepspeed.runtime.fp16.loss_scaler")):
    cls.__module__ = name
    setattr(module(name), cls.__name__, cls)


def counting(start, *shape):
    return torch.arange(start, start + math.prod(shape), dtype=torch.float32).reshape(shape)


GROUPS = [OrderedDict([("net.a", counting(0, 3, 5)), ("net.b", counting(100, 2, 2, 2))]),
          OrderedDict([("net.c", counting(200, 3))])]
BUFFER = ("net.freqs", counting(300, 2))
FROZEN = ("net.frozen", counting(400, 2, 3))
SHARED = {"net.tied": "net.a"}
CONFIG = {"zero_optimization": {"stage": 2}, "train_batch_size": 8}


def common(shapes, module_state):
    return {"module": module_state, "buffer_names": [BUFFER[0]], "optimizer": None,
            "param_shapes": shapes, "frozen_param_shapes": OrderedDict([(FROZEN[0], FROZEN[1].shape)]),
            "shared_params": SHARED, "lr_scheduler": None, "sparse_tensor_module_names": set(),
            "skipped_steps": 0, "global_steps": 7, "dp_world_size": 2, "mp_world_size": 1,
            "ds_config": CONFIG, "ds_version": "0.17.0"}


def shapes():
    return [OrderedDict((n, t.shape) for n, t in g.items()) for g in GROUPS]


def optimizer(stage, world, **parts):
    state = {"loss_scaler": DynamicLossScaler(), "dynamic_loss_scale": True, "overflow": False,
             "partition_count": world if stage == 3 else [world] * len(GROUPS), **parts,
             "zero_stage": ZeroStageEnum(stage), "ds_version": "0.17.0"}
    return {"optimizer_state_dict": state, "ds_config": CONFIG, "ds_version": "0.17.0"}


def zero2(folder, world):
    half = OrderedDict((n, t.half()) for g in GROUPS for n, t in g.items())
    half[BUFFER[0]] = BUFFER[1].half()
    half[FROZEN[0]] = FROZEN[1].half()
    half["net.tied"] = half["net.a"]
    state = common(shapes(), half)
    state["frozen_param_fragments"] = OrderedDict([FROZEN])
    torch.save(state, f"{folder}/mp_rank_00_model_states.pt")
    for rank in range(world):
        parts = []
        for group in GROUPS:
            flat = torch.cat([t.flatten() for t in group.values()])
            size = math.ceil(len(flat) / (2 * world)) * 2
            parts.append(flat[rank * size:(rank + 1) * size].clone())
        torch.save(optimizer(2, world, single_partition_of_fp32_groups=parts),
                   f"{folder}/zero_pp_rank_{rank}_mp_rank_00_optim_states.pt")


def zero3(folder, world):
    def part(tensor, rank):
        size = math.ceil(tensor.numel() / world)
        flat = torch.nn.functional.pad(tensor.flatten(), (0, size * world - tensor.numel()))
        return flat[rank * size:(rank + 1) * size].clone()
    empty = OrderedDict((n, torch.empty(0).half()) for g in GROUPS for n in g)
    empty["net.tied"] = empty["net.a"]
    empty[BUFFER[0]] = BUFFER[1]
    for rank in range(world):
        state = common(shapes(), empty)
        state["frozen_param_fragments"] = OrderedDict([(FROZEN[0], part(FROZEN[1], rank))])
        torch.save(state, f"{folder}/zero_pp_rank_{rank}_mp_rank_00_model_states.pt")
        parts = [torch.cat([part(t, rank) for t in group.values()]) for group in GROUPS]
        torch.save(optimizer(3, world, fp32_flat_groups=parts),
                   f"{folder}/zero_pp_rank_{rank}_mp_rank_00_optim_states.pt")


for name, write, world in (("zero2", zero2, 2), ("zero3", zero3, 3)):
    folder = f"{sys.argv[1]}/{name}"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    write(folder, world)

# A part of the second checkpoint whose first group is too short.
torch.save(optimizer(2, 2, single_partition_of_fp32_groups=[torch.zeros(4), torch.zeros(2)]),
           f"{sys.argv[1]}/zero2-short.pt")
