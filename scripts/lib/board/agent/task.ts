// SPDX-License-Identifier: MIT
import { bytesField, numberField, textField, type Answer } from './answer.ts';
import type { AgentClient, AskOptions } from './client.ts';
import { MAP_PRIVATE, PROT_READ, PROT_WRITE } from './constants.ts';
import { AgentError, SystemCallError } from './errors.ts';

/** What test/target's pattern check found. */
export interface PatternCheck {
  readonly words: number;
  readonly wrong: number;
  /** of the first wrong word */
  readonly offset?: number;
  readonly expected?: number;
  readonly found?: number;
}

/** For calls that go through memory word by word: an emulated core on a loaded host does a few MiB a second. */
const timeFor = (bytes: number): AskOptions => ({ timeout: 15_000 + (bytes / (1 << 20)) * 500 });

export interface Self {
  readonly pid: number;
  /** of a pointer: which column of the ioctl numbers this program's headers would give */
  readonly bits: number;
  /** bytes */
  readonly page: number;
}

/**
 * Something on the board that makes system calls: the agent itself, one of its threads, a process it forked.
 * The methods are the calls, with the numbers the kernel gives: descriptors, addresses, flags. They throw SystemCallError.
 */
export class Task {
  readonly #client: AgentClient;
  readonly #prefix: string;
  #threads = 0;

  constructor(client: AgentClient, prefix = '') {
    this.#client = client;
    this.#prefix = prefix;
  }

  /** Asks and hands back whatever came, failures too. */
  async ask(command: string, options: AskOptions = {}): Promise<Answer> {
    const answer = await this.#client.ask(this.#prefix + command, options);
    const problem = answer.fields['error'];
    if (typeof problem === 'string') throw new AgentError(`${command}: ${problem}`);
    return answer;
  }

  /** Asks; a failed system call throws. */
  async call(command: string, options: AskOptions = {}): Promise<Answer> {
    const answer = await this.ask(command, options);
    const { errno, during } = answer.fields;
    if (typeof errno === 'string')
      throw new SystemCallError(command, errno, typeof during === 'string' ? during : undefined);
    return answer;
  }

  async #number(key: string, command: string, options?: AskOptions): Promise<number> {
    return numberField((await this.call(command, options)).fields, key);
  }

  async #text(key: string, command: string): Promise<string> {
    return textField((await this.call(command)).fields, key);
  }

  async self(): Promise<Self> {
    const { fields } = await this.call('self');
    return { pid: numberField(fields, 'pid'), bits: numberField(fields, 'bits'), page: numberField(fields, 'page') };
  }

  open(path: string, flags: number): Promise<number> {
    return this.#number('fd', `open ${path} ${String(flags)}`);
  }

  async close(fd: number): Promise<void> {
    await this.call(`close ${String(fd)}`);
  }

  dup(fd: number): Promise<number> {
    return this.#number('fd', `dup ${String(fd)}`);
  }

  async read(fd: number, length: number, options?: AskOptions): Promise<Buffer> {
    return bytesField((await this.call(`read ${String(fd)} ${String(length)}`, options)).fields, 'data');
  }

  write(fd: number, data: Uint8Array): Promise<number> {
    return this.#number('length', `write ${String(fd)} ${Buffer.from(data).toString('hex')}`);
  }

  readFile(path: string): Promise<string> {
    return this.#text('text', `read-file ${path}`);
  }

  async writeFile(path: string, text: string, options?: AskOptions): Promise<void> {
    await this.call(`write-file ${path} ${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\x0a')}`, options);
  }

  readLink(path: string): Promise<string> {
    return this.#text('text', `read-link ${path}`);
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#number('exists', `exists ${path}`)) === 1;
  }

  async list(directory: string): Promise<string[]> {
    const { parts } = await this.call(`list ${directory}`);
    return parts.map((part) => textField(part.fields, 'name')).sort();
  }

  async socketpair(): Promise<readonly [number, number]> {
    const { fields } = await this.call('socketpair');
    return [numberField(fields, 'left'), numberField(fields, 'right')];
  }

  async sendFile(socket: number, fd: number): Promise<void> {
    await this.call(`send-file ${String(socket)} ${String(fd)}`);
  }

  receiveFile(socket: number): Promise<number> {
    return this.#number('fd', `receive-file ${String(socket)}`);
  }

  mmap(length: number, protection: number, flags: number, fd: number, offset = 0): Promise<number> {
    return this.#number('address', `mmap ${[length, protection, flags, fd, offset].map(String).join(' ')}`);
  }

  /** So many private mappings that can be read and written; the time of the slowest, in microseconds. */
  mmaps(count: number, length: number, fd: number): Promise<number> {
    const protection = PROT_READ | PROT_WRITE;
    return this.#number('slowest', `mmaps ${[count, length, protection, MAP_PRIVATE, fd].map(String).join(' ')}`);
  }

  async munmap(address: number, length: number): Promise<void> {
    await this.call(`munmap ${String(address)} ${String(length)}`);
  }

  mremap(address: number, length: number, newLength: number, flags: number): Promise<number> {
    return this.#number('address', `mremap ${[address, length, newLength, flags].map(String).join(' ')}`);
  }

  async mprotect(address: number, length: number, protection: number): Promise<void> {
    await this.call(`mprotect ${[address, length, protection].map(String).join(' ')}`);
  }

  async madvise(address: number, length: number, advice: number): Promise<void> {
    await this.call(`madvise ${[address, length, advice].map(String).join(' ')}`);
  }

  /** ioctl with a plain number, which may be a pointer to nowhere. */
  ioctlNumber(fd: number, request: number, argument: number): Promise<number> {
    return this.#number('result', `ioctl ${[fd, request, argument].map(String).join(' ')}`);
  }

  /** ioctl with a structure: the bytes as the kernel left them, whether it succeeded or not. */
  async ioctl(
    fd: number,
    request: number,
    bytes: Buffer,
  ): Promise<{ readonly errno?: string; readonly result?: number; readonly bytes: Buffer }> {
    const { fields } = await this.ask(`ioctl-bytes ${String(fd)} ${String(request)} ${bytes.toString('hex')}`);
    const after = bytesField(fields, 'data');
    if (typeof fields['errno'] === 'string') return { errno: fields['errno'], bytes: after };
    return { result: numberField(fields, 'result'), bytes: after };
  }

  /** The same of a call that has to succeed; its failure has this name. */
  async structureCall(name: string, fd: number, request: number, bytes: Buffer): Promise<Buffer> {
    const { errno, bytes: after } = await this.ioctl(fd, request, bytes);
    if (errno !== undefined) throw new SystemCallError(name, errno);
    return after;
  }

  eventfd(initial = 0, flags = 0): Promise<number> {
    return this.#number('fd', `eventfd ${String(initial)} ${String(flags)}`);
  }

  readEventfd(fd: number, options?: AskOptions): Promise<number> {
    return this.#number('value', `read-eventfd ${String(fd)}`, options);
  }

  /** The returned events of each file, in order; all zero when the time ran out. */
  async poll(
    milliseconds: number,
    ...files: readonly { readonly fd: number; readonly events: number }[]
  ): Promise<number[]> {
    const words = files.flatMap(({ fd, events }) => [fd, events]);
    const { fields } = await this.call(`poll ${[milliseconds, ...words].map(String).join(' ')}`, {
      timeout: Math.max(milliseconds, 0) + 15_000,
    });
    return files.map((_, i) => numberField(fields, `events${String(i)}`));
  }

  syscall(name: string, ...registers: readonly number[]): Promise<number> {
    return this.#number('result', `syscall ${[name, ...registers.map(String)].join(' ')}`);
  }

  allocate(length: number): Promise<number> {
    return this.#number('address', `allocate ${String(length)}`);
  }

  async peek(address: number, length: number): Promise<Buffer> {
    return bytesField((await this.call(`peek ${String(address)} ${String(length)}`)).fields, 'data');
  }

  async poke(address: number, bytes: Uint8Array): Promise<void> {
    await this.call(`poke ${String(address)} ${Buffer.from(bytes).toString('hex')}`);
  }

  async set(address: number, length: number, value: number): Promise<void> {
    await this.call(`set ${[address, length, value].map(String).join(' ')}`, timeFor(length));
  }

  /** How many of the bytes are not the value. */
  countDifferent(address: number, length: number, value: number): Promise<number> {
    return this.#number('different', `compare ${[address, length, value].map(String).join(' ')}`, timeFor(length));
  }

  async verify(address: number, length: number, index: number, seed: number): Promise<PatternCheck> {
    const { fields } = await this.call(
      `verify ${[address, length, index, seed].map(String).join(' ')}`,
      timeFor(length),
    );
    return fields as unknown as PatternCheck;
  }

  /** As verify(), of what the coprocessor's DMA has filled: each word is the pattern's first. */
  async verifyDma(address: number, length: number, index: number, seed: number): Promise<PatternCheck> {
    const words = [address, length, index, seed].map(String).join(' ');
    return (await this.call(`verify-dma ${words}`, timeFor(length))).fields as unknown as PatternCheck;
  }

  async fill(address: number, length: number, index: number, seed: number): Promise<void> {
    await this.call(`fill ${[address, length, index, seed].map(String).join(' ')}`);
  }

  /** Another thread of this process: for a call that may block, beside which this one goes on. */
  thread(name = `t${String(this.#threads++)}`): Thread {
    return new Thread(this.#client, this, `${this.#prefix}thread ${name} `, name);
  }

  async fork(name: string): Promise<Child> {
    await this.call(`fork ${name}`);
    return new Child(this.#client, this, `${this.#prefix}child ${name} `, name);
  }

  /** The process becomes a fresh agent, as by exec: mappings and close-on-exec files go, other files stay. */
  async exec(): Promise<void> {
    await this.call('exec');
  }
}

export class Thread extends Task {
  readonly #parent: Task;
  readonly #name: string;

  constructor(client: AgentClient, parent: Task, prefix: string, name: string) {
    super(client, prefix);
    this.#parent = parent;
    this.#name = name;
  }

  async interrupt(signal: number): Promise<void> {
    await this.#parent.call(`interrupt ${this.#name} ${String(signal)}`);
  }
}

export class Child extends Task {
  readonly #parent: Task;
  readonly #name: string;

  constructor(client: AgentClient, parent: Task, prefix: string, name: string) {
    super(client, prefix);
    this.#parent = parent;
    this.#name = name;
  }

  async kill(signal: number): Promise<void> {
    await this.#parent.call(`kill ${this.#name} ${String(signal)}`);
  }

  /** Lets it end, or waits for the end that a signal made. */
  async wait(): Promise<{ readonly exit?: number; readonly signal?: number }> {
    return (await this.#parent.call(`wait ${this.#name}`)).fields;
  }
}
