// A container's health check: whether the process in it answers 2xx at a path. Plain JavaScript, since it starts every few seconds.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}${process.argv[2]}`).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
