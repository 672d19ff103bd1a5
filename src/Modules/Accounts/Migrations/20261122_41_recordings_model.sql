-- The connected model that the person lets have recordings to write down, where this server has no recogniser; null is none.
alter table accounts.preference add column recordings_model text;
