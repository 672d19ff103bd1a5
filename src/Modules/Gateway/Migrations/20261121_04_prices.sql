-- What models cost, in millionths of the installation's currency. Rows never change: a change is a new version.
create table gateway.price (
    price_id uuid primary key,
    pattern text not null,
    version int not null,
    valid_from timestamptz not null,
    -- From here on the pattern has no price; a less specific one applies.
    ended boolean not null default false,
    -- Per million tokens.
    input_micros bigint not null check (input_micros >= 0),
    output_micros bigint not null check (output_micros >= 0),
    cached_input_micros bigint check (cached_input_micros >= 0),
    cache_write_micros bigint check (cache_write_micros >= 0),
    reasoning_micros bigint check (reasoning_micros >= 0),
    -- Each.
    request_micros bigint not null default 0 check (request_micros >= 0),
    image_micros bigint check (image_micros >= 0),
    audio_second_micros bigint check (audio_second_micros >= 0),
    character_micros bigint check (character_micros >= 0),
    created_at timestamptz not null,
    constraint price_version unique (pattern, version)
);
