"""The peer of SpeedBenchmark: speed.py THREADS, then a line of JSON for each question, a line for each answer."""
import json
import os
import sys
import time

try:
    import sentence_transformers
    import torch
    import transformers
except ImportError as error:
    sys.exit(f"{sys.executable}: {error}")

transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()
torch.set_num_threads(int(sys.argv[1]))
torch.set_num_interop_threads(int(sys.argv[1]))


class Updates:
    """Clipping to norm 1, fused AdamW without decay on biases and LayerNorm: one group of parameters for each."""

    def __init__(self, models, rate):
        named = [item for model in models for item in model.named_parameters()]
        plain = [p for name, p in named if name.endswith(".bias") or "LayerNorm" in name]
        decayed = [p for name, p in named if not (name.endswith(".bias") or "LayerNorm" in name)]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
        self.parameters = decayed + plain
        self.optimizer = torch.optim.AdamW(groups, lr=rate, fused=True)

    def make(self, loss):
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()


def trunk(directory):
    return transformers.BertModel.from_pretrained(
        directory, attn_implementation="sdpa", add_pooling_layer=False).train()


class Step:
    """One encoder over one batch without padding."""

    def __init__(self, models, ids, more):
        self.model = trunk(os.path.join(models, "retriever"))
        self.ids = torch.tensor(ids)
        self.mean = more["pooling"] == "MEAN"
        self.updates = Updates([self.model], more["rate"])

    def run(self, _):
        hidden = self.model(self.ids).last_hidden_state
        embeddings = hidden.mean(1) if self.mean else hidden[:, 0]
        self.loss = self.updates.make((embeddings * embeddings).mean())


def padded(sequences, length):
    """Ids, types and mask (N, length) of [ids, types] each."""
    ids, types, mask = (torch.zeros(len(sequences), length, dtype=torch.long) for _ in range(3))
    for row, sequence in enumerate(sequences):
        count = len(sequence[0])
        ids[row, :count] = torch.tensor(sequence[0])
        types[row, :count] = torch.tensor(sequence[1])
        mask[row, :count] = 1
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}


class Joint:
    """The published scheme of RocketQAv2: the query encoded once per passage, everything padded to its longest."""

    def __init__(self, models, batches, more):
        self.query = trunk(os.path.join(models, "query-encoder"))
        self.passage = trunk(os.path.join(models, "passage-encoder"))
        self.cross = transformers.BertForSequenceClassification.from_pretrained(
            os.path.join(models, "cross-encoder"), attn_implementation="sdpa").train()
        lengths = more["lengths"]
        self.batches = [[padded(sequences, length) for sequences, length in zip(batch, lengths)] for batch in batches]
        self.length = more["list"]
        self.updates = Updates([self.query, self.passage, self.cross], more["rate"])

    def run(self, number):
        queries, passages, pairs = self.batches[number % len(self.batches)]
        query = self.query(**queries).last_hidden_state[:, 0]
        passage = self.passage(**passages).last_hidden_state[:, 0]
        dual = (query * passage).sum(-1).view(-1, self.length).log_softmax(-1)
        cross = self.cross(**pairs).logits.view(-1, self.length).log_softmax(-1)
        teacher = cross.detach()
        distillation = (teacher.exp() * (teacher - dual)).sum(-1).mean()
        self.loss = self.updates.make(distillation - cross[:, 0].mean())


class Encode:
    """A corpus, part by part, through sentence-transformers."""

    def __init__(self, models, parts, more):
        self.model = sentence_transformers.SentenceTransformer(os.path.join(models, "retriever"), device="cpu")
        self.model.max_seq_length = more["length"]
        self.parts = [[tuple(passage) for passage in part] for part in parts]

    def run(self, number):
        embeddings = self.model.encode(self.parts[number % len(self.parts)])
        self.loss = float((embeddings * embeddings).mean())


def answer(**values):
    print(json.dumps(values), file=output, flush=True)


output = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # whatever a library prints goes to the log, not between the answers
answer(python=sys.version.split()[0], torch=torch.__version__, transformers=transformers.__version__,
       sentence_transformers=sentence_transformers.__version__)
work = None
for line in sys.stdin:
    question = json.loads(line)
    if "prepare" in question:
        with open(question["input"]) as file:
            content = json.load(file)
        kind = {"step": Step, "joint": Joint, "encode": Encode}[question["prepare"]]
        work = kind(question["models"], content, question["more"])
        answer(ready=True)
    elif "round" in question:
        began = time.perf_counter()
        work.run(question["round"])
        answer(seconds=time.perf_counter() - began)
    else:
        answer(loss=work.loss)
