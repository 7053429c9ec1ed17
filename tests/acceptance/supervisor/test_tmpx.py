async def test_a(database_url, connect):
    db = await connect(database_url, "text")
    assert await db.fetch("select count(*) from tasks")
