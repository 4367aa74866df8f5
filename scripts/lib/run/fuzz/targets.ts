// SPDX-License-Identifier: MIT

/** Code that takes what the other side sends, and the program of test/fuzz that feeds it. */
export interface FuzzTarget {
  readonly name: string;
  readonly about: string;
  /** C files and include folders, relative to the checkout */
  readonly sources: readonly string[];
  readonly includes: readonly string[];
  /** bytes of an input */
  readonly maxLength: number;
}

/** The folder of the tree with a target's inputs, relative to the checkout. */
export const corpusFolder = ({ name }: FuzzTarget): string => `test/fuzz/corpus/${name}`;

export const dictionary = 'test/fuzz/protocol.dict';

export const fuzzTargets: readonly FuzzTarget[] = [
  {
    name: 'message',
    about: "the driver's parser",
    sources: ['test/fuzz/message.c', 'test/fuzz/grammar.c', 'kernel/message.c'],
    includes: ['kernel'],
    // a payload has 496 bytes at most, and nothing relies on that
    maxLength: 600,
  },
  {
    name: 'service',
    about: "the firmware's service",
    sources: [
      'test/fuzz/service.c',
      'test/fuzz/grammar.c',
      'firmware/service/sdb_service.c',
      'firmware/service/sdb_record.c',
    ],
    includes: ['firmware/service'],
    maxLength: 2000,
  },
];
