-- What exports compose their lines with. White space between tokens is the only place where JSON holds a break.
CREATE FUNCTION one_line(document json) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT replace(replace(document::text, chr(10), ' '), chr(13), ' ') $$;

-- A reply of a compared pair: a message where the prompt is a conversation, else a text.
CREATE FUNCTION reply(payload json, side text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN json_typeof(payload -> 'prompt') = 'array'
    THEN concat('[{"role":"assistant","content":', one_line(payload -> side), '}]') ELSE one_line(payload -> side) END $$;
