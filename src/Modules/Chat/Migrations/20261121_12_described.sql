alter table chat.conversation
    -- Who last said what the conversation is about: a model, once it has something to go by, or its own words; null before.
    add described_by text check (described_by in ('words', 'model'));
