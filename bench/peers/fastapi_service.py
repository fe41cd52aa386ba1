"""A list of articles as services on FastAPI and Motor commonly have it: a model per item, a page
and a count."""

import os
from datetime import datetime

from fastapi import FastAPI, Query
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel

blogs = AsyncIOMotorClient(os.environ["PEER_MONGODB_URL"])["lsa"]["blogs"]
application = FastAPI()


class Article(BaseModel):
    id: str
    title: str
    content: str
    author: str
    image: str | None = None
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    status: str
    message: str
    data: list[Article]
    total: int


@application.get("/blogs", response_model=Page)
async def list_blogs(
    skip: int = Query(0, ge=0), limit: int = Query(10, ge=1, le=100)
) -> dict[str, object]:
    found = blogs.find({}, sort=[("created_at", -1)], skip=skip, limit=limit)
    items = [{**raw, "id": str(raw["_id"])} async for raw in found]
    total = await blogs.count_documents({})
    return {"status": "success", "message": "Blog list", "data": items, "total": total}
