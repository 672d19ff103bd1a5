-- Answers to one question may be written beside each other: the conversation's own turn is in lane 0, those beside it in 1 to 4.
alter table chat.turn add lane smallint not null default 0 check (lane between 0 and 4);
drop index chat.turn_running_key;
create unique index turn_running_key on chat.turn (conversation_id, lane) where status = 'running';
