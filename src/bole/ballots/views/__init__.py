"""Pages of this room: `public` for voters without an account, `officer` for everybody else."""
