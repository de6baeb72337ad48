// A phone that hesitates: everything asynchronous comes later than usual, by a chance that a seed repeats.
((seed) => {
  let state = seed >>> 0 || 1;
  const chance = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const wait = (most) => new Promise((done) => setTimeout(done, chance() ** 8 * most));

  const later = (owner, name, most) => {
    const usual = owner?.[name];
    if (!usual) return;
    owner[name] = async function (...given) {
      const done = await usual.apply(this, given);
      await wait(most);
      return done;
    };
  };
  const usualFetch = window.fetch;
  window.fetch = async (...given) => {
    await wait(300);
    return usualFetch(...given);
  };
  for (const name of ["digest", "sign", "generateKey", "importKey"])
    later(SubtleCrypto.prototype, name, 60);
  later(window, "createImageBitmap", 200);
  later(StorageManager.prototype, "estimate", 100);
  later(LockManager.prototype, "query", 100);

  // What is sent to a worker keeps its order, as on a phone that is busy.
  const usualPost = Worker.prototype.postMessage;
  const lines = new WeakMap();
  Worker.prototype.postMessage = function (...given) {
    const before = lines.get(this) ?? Promise.resolve();
    lines.set(
      this,
      before.then(() => wait(250)).then(() => usualPost.apply(this, given)),
    );
  };
  const ask = Geolocation.prototype.getCurrentPosition;
  Geolocation.prototype.getCurrentPosition = function (...given) {
    wait(800).then(() => ask.apply(this, given));
  };
})(SEED);
