-- Of an archive that has arrived: how much of it is unpacked, in its own bytes; null while it is not.
alter table models.pull add column unpacked_bytes bigint;
