"""Writes distributed checkpoints of four processes (torch 2.13)."""
import os, shutil, sys
import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor

def counting(*shape, dtype=torch.float32):
    n = 1
    for s in shape: n *= s
    return torch.arange(n, dtype=dtype).reshape(shape)

def main(rank, folder):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29611", RANK=str(rank), WORLD_SIZE="4")
    dist.init_process_group("gloo")
    mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("data", "model"))
    def split(tensor, *placements): return distribute_tensor(tensor, mesh, placements)
    state = {
        "model": {
            "net.rows": split(counting(5, 3), Shard(0), Replicate()),
            "net.columns": split(counting(3, 5, dtype=torch.float16), Replicate(), Shard(1)),
            "net.grid": split(counting(5, 7, 2), Shard(0), Shard(1)),
            "net.few": split(counting(1, 2), Shard(0), Replicate()),
            "net.whole": counting(2, 3, dtype=torch.bfloat16),
            "net.scalar": torch.tensor(7.0),
        },
        "optimizer": {"state": {0: {"exp_avg": split(torch.zeros(5, 3), Shard(0), Replicate())}}, "lr": 0.1},
        "epoch": 3,
    }
    dcp.save(state, checkpoint_id=folder)
    dist.destroy_process_group()

if __name__ == "__main__":
    folder = sys.argv[1]
    shutil.rmtree(folder, ignore_errors=True)
    mp.spawn(main, (folder,), 4)
