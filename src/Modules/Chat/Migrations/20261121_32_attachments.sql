-- Files that were stored for somebody who may not keep them: the content of each is looked at again after a while and goes when no
-- attachment refers to it. A file is listed as soon as it is stored and whenever an attachment lets go of it.
create table chat.blob_watch (
    blob text primary key,
    since timestamptz not null
);
create index blob_watch_since on chat.blob_watch (since);

create index attachment_blob on chat.attachment (blob);
create index attachment_thumbnail on chat.attachment (thumbnail_blob) where thumbnail_blob is not null;
create index attachment_webp on chat.attachment (webp_blob) where webp_blob is not null;
create index attachment_age on chat.attachment (created_at);

create function chat.watch_blobs() returns trigger language plpgsql as $$
begin
    insert into chat.blob_watch (blob, since)
    select distinct b, now() from unnest(array[old.blob, old.thumbnail_blob, old.webp_blob]) as b where b is not null order by b
    on conflict (blob) do update set since = excluded.since;
    return null;
end
$$;
create trigger attachment_gone after delete on chat.attachment for each row execute function chat.watch_blobs();
