-- The whole picture as WebP is made when there is time for it, once.
alter table chat.attachment add webp_tried boolean not null default false;
create index attachment_copies on chat.attachment (created_at) where width is not null and webp_blob is null and media_type <> 'image/webp' and not webp_tried;
