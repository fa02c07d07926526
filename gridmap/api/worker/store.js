// What the phone keeps, in IndexedDB: the queue, drafts, receipts, and what was last read. A reload loses nothing.
const NAME = "gridmap-worker";
const VERSION = 1;
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("kept");
      database.createObjectStore("drafts");
      database.createObjectStore("queue", { keyPath: "id" });
      database.createObjectStore("receipts", { keyPath: "id" });
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = () => (opening = null);
      database.onversionchange = () => {
        opening = null;
        database.close();
      };
      resolve(database);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error);
    };
  });
  return opening;
}

// Run `work(store, …)` over the object stores `names` in one transaction; the result of the request it returns.
async function run(names, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    // "strict": the phone's disk has it before we say that it is kept.
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const request = work(...names.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("The phone's storage failed."));
  });
}

const get = (name, key) => run([name], "readonly", (store) => store.get(key));
const all = (name) => run([name], "readonly", (store) => store.getAll());
const put = (name, value, key) =>
  run([name], "readwrite", (store) => (key === undefined ? store.put(value) : store.put(value, key)));
const remove = (name, key) => run([name], "readwrite", (store) => store.delete(key));

export const kept = {
  get: (key) => get("kept", key),
  put: (key, value) => put("kept", value, key),
  remove: (key) => remove("kept", key),
};

export const drafts = {
  get: (key) => get("drafts", key),
  put: (key, value) => put("drafts", value, key),
  remove: (key) => remove("drafts", key),
};

export const queue = {
  all: async () => (await all("queue")).sort((a, b) => a.made_at - b.made_at || (a.id < b.id ? -1 : 1)),
  get: (id) => get("queue", id),
  put: (item) => put("queue", item),
  // Write back what was read before, unless a person has thrown it away meanwhile.
  update: (item) =>
    run(["queue"], "readwrite", (store) => {
      store.get(item.id).onsuccess = ({ target }) => target.result && store.put(item);
    }),
  remove: (id) => remove("queue", id),
  // A sent item leaves the queue and its receipt appears in one step: never both, never neither.
  done: (id, receipt) =>
    run(["queue", "receipts"], "readwrite", (waiting, receipts) => {
      waiting.delete(id);
      if (receipt) receipts.put(receipt);
    }),
  // A draft becomes a queued item in one step.
  take: (item, draft) =>
    run(["queue", "drafts"], "readwrite", (waiting, kept) => {
      if (draft) kept.delete(draft);
      waiting.put(item);
    }),
};

export const receipts = {
  all: async () => (await all("receipts")).sort((a, b) => b.sent_at - a.sent_at),
  get: (id) => get("receipts", id),
  put: (receipt) => put("receipts", receipt),
  remove: (id) => remove("receipts", id),
};

// Ask the browser not to throw away what waits when the phone runs short of space.
export async function persist() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}
