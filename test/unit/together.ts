// SPDX-License-Identifier: MIT
/**
 * ava's test(), for files that may share a process with others. These files compute, start hardly a program, and leave
 * this process as they found it. A process of its own would cost such a file ten times what its tests take.
 */
import ava, { type ExecutionContext } from 'ava';
import { listVariable, noteTest } from '../../scripts/lib/run/tests/progress.ts';
import { declare, inFile } from '../together/file-of-tests.ts';

type Declare = (title: string, implementation: (t: ExecutionContext) => unknown) => void;

const declared =
  (say: Declare): Declare =>
  (title, implementation) => {
    const name = inFile(title);
    noteTest('there', name);
    if (process.env[listVariable] === undefined) declare(() => say(name, implementation));
  };

export const test = Object.assign(declared(ava), { serial: declared(ava.serial) });
