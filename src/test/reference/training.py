"""Short trainings of the tiny networks of models.py, for tests of gradients, optimizers and methods.

Never part of the build. Usage:
    python training.py ../resources/models
Each folder gets training.json: the loss, the norm of the gradient of each parameter, and the losses before each of 20
steps and after the last one: AdamW with LoRA and with prompt tuning, Adafactor with LoRA and with all parameters. PEFT
does LoRA everywhere and prompt tuning where it has the task (T5 and Llama).

All in float64, because float32 is no reference for a training that is badly conditioned: two ways to round part by
percents within 20 steps. So each training runs in float32, too, and the largest relative difference of its losses is
noted as float32_apart; the learning rates are such that it stays under 1e-5.
"""
import argparse
import contextlib
import json
import pathlib

import torch
from models import numbers
from peft import LoraConfig, PromptTuningConfig, TaskType, get_peft_model
from torch import nn
from transformers import (
    Adafactor,
    BertForMaskedLM,
    LlamaForCausalLM,
    RobertaForMaskedLM,
    T5ForConditionalGeneration,
)

STEPS = 20
RANK = 4
ROWS = 5
CLASSES = {
    "t5-v1_0": T5ForConditionalGeneration,
    "t5-v1_1": T5ForConditionalGeneration,
    "bert": BertForMaskedLM,
    "roberta": RobertaForMaskedLM,
    "llama": LlamaForCausalLM,
}
QUERIES_AND_VALUES = {
    "t5-v1_0": r".*SelfAttention\.(q|v)",
    "t5-v1_1": r".*SelfAttention\.(q|v)",
    "bert": ["query", "value"],
    "roberta": ["query", "value"],
    "llama": ["q_proj", "v_proj"],
}
TASKS = {"t5-v1_0": TaskType.SEQ_2_SEQ_LM, "t5-v1_1": TaskType.SEQ_2_SEQ_LM, "llama": TaskType.CAUSAL_LM}

# Transformers 5 has no such method any more; PEFT keeps a reference to it.
T5ForConditionalGeneration._prepare_encoder_decoder_kwargs_for_generation = lambda self, *a, **k: {}


@contextlib.contextmanager
def throughout(dtype):
    """Makes Transformers compute norms, softmax and losses in float64, too, where it asks for float32."""
    if dtype == torch.float32:
        yield
        return
    before = torch.float32, torch.float, torch.Tensor.float
    torch.float32 = torch.float = torch.float64
    torch.Tensor.float = torch.Tensor.double
    try:
        yield
    finally:
        torch.float32, torch.float, torch.Tensor.float = before


def load(folder, dtype):
    model = CLASSES[folder.name].from_pretrained(folder).eval().to(dtype)
    expected = json.loads((folder / "expected.json").read_text())
    names = ("input_ids", "attention_mask", "token_type_ids", "decoder_input_ids", "labels")
    return model, {name: torch.tensor(expected[name]) for name in names if name in expected}


def noise(shape, scale, seed):
    return scale * torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def lora(folder, dtype):
    """The model, its loss, and the start of A as [in, rank] and of B as [rank, out] by the name of the matrix."""
    model, given = load(folder, dtype)
    config = LoraConfig(r=RANK, lora_alpha=8, lora_dropout=0.0, target_modules=QUERIES_AND_VALUES[folder.name])
    model = get_peft_model(model, config).to(dtype)
    start = {}
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(model.named_parameters()):
            if "lora_" not in name:
                continue
            parameter.copy_(noise(parameter.shape, 0.2, seed))
            matrix, which = name.removeprefix("base_model.model.").split(".lora_")
            start.setdefault(matrix + ".weight", {})[which[0].lower()] = parameter.T.clone()
    return model, lambda: model(**given).loss, start


class Prompted(nn.Module):
    """An encoder with rows before its text, as PEFT does it for other tasks."""

    def __init__(self, model, given):
        super().__init__()
        self.model, self.given = model, given
        self.prompt = nn.Parameter(torch.empty(ROWS, model.config.hidden_size))
        for parameter in model.parameters():
            parameter.requires_grad = False

    def loss(self):
        ids, mask = self.given["input_ids"], self.given["attention_mask"]
        before = torch.ones(len(ids), ROWS, dtype=mask.dtype)
        words = self.model.get_input_embeddings()(ids)
        states = {
            "inputs_embeds": torch.cat([self.prompt.expand(len(ids), -1, -1), words], 1),
            "attention_mask": torch.cat([before, mask], 1),
            "labels": torch.cat([torch.full_like(before, -100), self.given["labels"]], 1),
        }
        if "token_type_ids" in self.given:
            states["token_type_ids"] = torch.cat([torch.zeros_like(before), self.given["token_type_ids"]], 1)
        return self.model(**states).loss


def prompt(folder, dtype):
    """The model, its loss, and the start of its rows."""
    model, given = load(folder, dtype)
    if folder.name not in TASKS:
        prompted = Prompted(model, given)
        rows = prompted.prompt
        loss = prompted.loss
    else:
        config = PromptTuningConfig(
            task_type=TASKS[folder.name], num_virtual_tokens=ROWS, num_transformer_submodules=1, token_dim=None
        )
        prompted = get_peft_model(model, config)
        (rows,) = [parameter for parameter in prompted.parameters() if parameter.requires_grad]
        # Labels are all that the decoder needs: it is not prompted.
        fed = {name: value for name, value in given.items() if name != "decoder_input_ids"}
        loss = lambda: prompted(**fed).loss  # noqa: E731
    prompted.to(dtype)
    with torch.no_grad():
        rows.copy_(noise(rows.shape, 0.5, 99))
    return prompted, loss, rows.detach().clone()


def full(folder, dtype):
    model, given = load(folder, dtype)
    return model, lambda: model(**given).loss, None


def losses(dtype, made, optimizer, clip):
    """Before each step, and after the last one."""
    model, loss, _ = made
    found = []
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = optimizer(model)
    with throughout(dtype):
        for _ in range(STEPS):
            value = loss()
            found.append(value.item())
            optimizer.zero_grad()
            value.backward()
            if clip:
                nn.utils.clip_grad_norm_(trained, clip)
            optimizer.step()
        return found + [loss().item()]


def groups(model, decay):
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": decay},
        {"params": [p for p in trained if p.dim() <= 1], "weight_decay": 0.0},
    ]


def adamw(model, rate):
    return torch.optim.AdamW(groups(model, 0.01), lr=rate)


def adafactor(model, rate, **options):
    return Adafactor(groups(model, 0.01), lr=rate, warmup_init=False, **options)


def gradients(folder):
    model, given = load(folder, torch.float64)
    with throughout(torch.float64):
        loss = model(**given).loss
        loss.backward()
    norms = {name: parameter.grad.norm().item() for name, parameter in model.named_parameters()}
    return loss.item(), norms


def trained(folder, make, optimizer, clip):
    """The losses in float64, and how far those in float32 are from them."""
    wide, narrow = (
        losses(dtype, make(folder, dtype), optimizer, clip) for dtype in (torch.float64, torch.float32)
    )
    apart = max(abs(b - a) / abs(a) for a, b in zip(wide, narrow, strict=True))
    return {"losses": wide, "float32_apart": apart}


def training(folder):
    loss, norms = gradients(folder)
    found = {"loss": loss, "gradient_norms": norms}

    start = lora(folder, torch.float64)[2]
    found["lora"] = {"rank": RANK, "alpha": 8, "start": start, "lr": 0.001, "weight_decay": 0.01, "clip": 1.0}
    found["lora"] |= trained(folder, lora, lambda model: adamw(model, 0.001), 1.0)

    start = prompt(folder, torch.float64)[2]
    found["prompt"] = {"length": ROWS, "start": start, "lr": 0.002, "weight_decay": 0.01, "clip": 1.0}
    found["prompt"] |= trained(folder, prompt, lambda model: adamw(model, 0.002), 1.0)

    options = {"scale_parameter": False, "relative_step": False, "clip_threshold": 0.5}
    found["lora_adafactor"] = options | {"lr": 0.001, "weight_decay": 0.01, "clip": 0}
    found["lora_adafactor"] |= trained(folder, lora, lambda model: adafactor(model, 0.001, **options), 0)

    scaled = {"scale_parameter": True, "relative_step": False, "clip_threshold": 1.0}
    found["full_adafactor"] = scaled | {"lr": 0.0003, "weight_decay": 0.01, "clip": 0}
    found["full_adafactor"] |= trained(folder, full, lambda model: adafactor(model, 0.0003, **scaled), 0)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=pathlib.Path)
    target = parser.parse_args().target
    torch.set_num_threads(1)
    for name in CLASSES:
        found = training(target / name)
        (target / name / "training.json").write_text(json.dumps(numbers(found)) + "\n")
        for key, part in found.items():
            if isinstance(part, dict) and "losses" in part:
                first, *_, last = part["losses"]
                apart = part["float32_apart"]
                print(f"{name} {key}: {first:.4f} to {last:.4f}; float32 is {apart:.1e} apart")


if __name__ == "__main__":
    main()
