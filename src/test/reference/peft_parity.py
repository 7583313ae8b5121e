"""Folders that PEFT saves, on the tiny networks of models.py, and what PEFT computes with them.

Never part of the build. Usage:
    python peft_parity.py ../resources
Each folder below peft/ holds adapter_config.json, adapter_model.safetensors, and expected.json: some logits, and the loss
before each of ten steps of AdamW that start from the folder and after the last one. No dropout anywhere. The numbers of a
folder are float32; what is computed with them is float64, but for FourierFT.
"""
import argparse
import json
import pathlib
import shutil

import torch
from models import numbers
from peft import (
    BOFTConfig,
    FourierFTConfig,
    IA3Config,
    LNTuningConfig,
    LoHaConfig,
    LoKrConfig,
    LoraConfig,
    OFTConfig,
    PrefixTuningConfig,
    PromptTuningConfig,
    TaskType,
    VeraConfig,
    get_peft_model,
)
from torch import nn
from training import load, throughout

STEPS = 10
RATE = 0.001
#: Every so manieth logit is noted.
STRIDE = 101
TASKS = {"t5-v1_0": TaskType.SEQ_2_SEQ_LM, "llama": TaskType.CAUSAL_LM}
TARGETS = {"t5-v1_0": ["q", "v"], "bert": ["query", "value"], "llama": ["q_proj", "v_proj"]}
ONE_SHAPE = {"t5-v1_0": ["q", "v"], "bert": ["query", "value"], "llama": ["q_proj"]}
STRETCHED = {"t5-v1_0": ["k", "v", "wo"], "bert": ["key", "value", "output.dense"], "llama": ["k_proj", "v_proj", "down_proj"]}
INPUTS = {"t5-v1_0": ["wo"], "bert": ["output.dense"], "llama": ["down_proj"]}
NORMS = {
    "t5-v1_0": ["layer_norm", "final_layer_norm"],
    "bert": r"bert\..*LayerNorm",
    "llama": ["input_layernorm", "post_attention_layernorm", "norm"],
}


def configs(name):
    to = {"target_modules": TARGETS[name]}
    thin = {"r": 2, "lora_alpha": 4, "lora_dropout": 0.0}
    return {
        "lora": LoraConfig(**thin, **to),
        "rslora": LoraConfig(**thin, **to, use_rslora=True),
        "dora": LoraConfig(**thin, **to, use_dora=True),
        "ia3": IA3Config(target_modules=STRETCHED[name], feedforward_modules=INPUTS[name]),
        "vera": VeraConfig(r=3, target_modules=ONE_SHAPE[name], vera_dropout=0.0),
        "vera-shapes": VeraConfig(r=3, target_modules=TARGETS[name] + STRETCHED[name], vera_dropout=0.0),
        "loha": LoHaConfig(r=2, alpha=3, **to),
        "lokr": LoKrConfig(r=1, alpha=2, **to),
        "lokr-both": LoKrConfig(r=1, alpha=2, decompose_both=True, **to),
        "oft": OFTConfig(r=0, oft_block_size=2, use_cayley_neumann=False, **to),
        "oft-neumann": OFTConfig(r=0, oft_block_size=2, use_cayley_neumann=True, **to),
        "boft": BOFTConfig(boft_block_size=2, boft_n_butterfly_factor=1, boft_dropout=0.0, **to),
        "fourierft": FourierFTConfig(n_frequency=7, scaling=20.0, **to),
        "ln-tuning": LNTuningConfig(target_modules=NORMS[name]),
        "prompt-tuning": PromptTuningConfig(
            task_type=TASKS.get(name), num_virtual_tokens=3, num_transformer_submodules=1
        ),
        "prefix-tuning": PrefixTuningConfig(task_type=TASKS.get(name), num_virtual_tokens=3),
    }


def randomised(model):
    for seed, (name, parameter) in enumerate(model.named_parameters()):
        if parameter.requires_grad:
            generator = torch.Generator().manual_seed(seed)
            noise = torch.randn(parameter.shape, generator=generator).to(parameter.dtype)
            with torch.no_grad():
                ones = "ia3" in name or "boft_s" in name or "magnitude" in name or ("ln_tuning" in name and "weight" in name)
                wide = "prompt" in name or "fourier" in name
                parameter.copy_((parameter if ones else 0) + (0.5 if wide else 0.2) * noise)


def made(folder, config):
    model, given = load(folder, torch.float32)
    model = get_peft_model(model, config)
    randomised(model)
    return model, given


def fed(name, given):
    # Labels are all that the decoder needs.
    return {key: value for key, value in given.items() if not (name.startswith("t5") and key == "decoder_input_ids")}


def trained(model, given):
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.0)
    found = []
    for _ in range(STEPS):
        loss = model(**given).loss
        found.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    return found + [model(**given).loss.item()]


def fixture(source, target, config):
    model, given = made(source, config)
    given = fed(source.name, given)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    model.save_pretrained(target)
    (target / "README.md").unlink(missing_ok=True)
    # FourierFT computes its updates in float32 and refuses all else.
    dtype = torch.float32 if target.name == "fourierft" else torch.float64
    model = model.to(dtype).eval()
    with throughout(dtype):
        logits = model(**given).logits.detach().flatten()
        expected = {"stride": STRIDE, "logits": logits[::STRIDE], "lr": RATE, "losses": trained(model, given)}
    (target / "expected.json").write_text(json.dumps(numbers(expected)) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=pathlib.Path)
    target = parser.parse_args().target
    torch.set_num_threads(1)
    for name in TARGETS:
        for kind, config in configs(name).items():
            if kind in ("prompt-tuning", "prefix-tuning") and name == "bert":
                continue
            if kind == "prefix-tuning" and name.startswith("t5"):
                continue
            print(name, kind, flush=True)
            fixture(target / "models" / name, target / "peft" / name / kind, config)


if __name__ == "__main__":
    main()
