"""The index: what the corpus holds and how it is searched.

The environment is set here, before any module can load torch: OpenMP threads that spin
while they wait made queries ten times slower under load, kernels kept for every shape of
batch ever seen cost memory and save no time, and nothing may look for a model hub or send
telemetry from an office network.
"""

import os

VERSION = "0.1.0"  # of the program

for _name, _value in {
    "OMP_WAIT_POLICY": "passive",
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SSR_MODE": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}.items():
    os.environ.setdefault(_name, _value)
# A gateway switch would silently send questions to another host (see docs/architecture.md).
os.environ.pop("LANGSMITH_GATEWAY", None)
