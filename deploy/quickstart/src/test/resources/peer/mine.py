"""The peer of MiningBenchmark: mine.py CHECKPOINT QUERIES CORPUS DEPTH THREADS. Says "ready", then mines once for each line it
gets and answers with the number of lists; texts are embedded in the first round alone. QUERIES and CORPUS are lines of JSON: {"query", "positive"} and a text each."""
import json
import os
import sys

try:
    import datasets
    import sentence_transformers
    import torch
    import transformers
    from sentence_transformers.util import mine_hard_negatives
except ImportError as error:
    sys.exit(f"{sys.executable}: {error}")

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # the library prints what it finds
checkpoint, queries, corpus, depth, threads = sys.argv[1:]
transformers.utils.logging.disable_progress_bar()
datasets.disable_progress_bars()
torch.set_num_threads(int(threads))

retriever = sentence_transformers.SentenceTransformer(os.path.join(checkpoint, "retriever"), device="cpu")
reranker = sentence_transformers.CrossEncoder(os.path.join(checkpoint, "cross-encoder"), device="cpu")
with open(queries, encoding="utf-8") as lines:
    asked = datasets.Dataset.from_list([json.loads(line) for line in lines])
with open(corpus, encoding="utf-8") as lines:
    passages = [json.loads(line) for line in lines]


def mine():
    return mine_hard_negatives(
        asked, retriever, anchor_column_name="query", positive_column_name="positive", corpus=passages,
        cross_encoder=reranker, max_score=1.0,  # all pass it, but without a bound the cross encoder is not asked
        range_max=int(depth), num_negatives=7, sampling_strategy="random", batch_size=64, output_format="n-tuple",
        cache_folder=os.path.dirname(corpus), verbose=False)


mine()
print("ready", file=answers, flush=True)
for _ in sys.stdin:
    print(len(mine()), file=answers, flush=True)
