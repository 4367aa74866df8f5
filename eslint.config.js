// SPDX-License-Identifier: MIT
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules/', 'out/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // One-line callbacks that return what they call read better without braces.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // `() => undefined` for "nothing to do" is fine, and so is a function that has no await yet.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-invalid-void-type': [
        'error',
        { allowAsThisParameter: true, allowInGenericTypeArguments: true },
      ],
      // tsconfig's noPropertyAccessFromIndexSignature style: what may be missing looks like it.
      '@typescript-eslint/dot-notation': 'off',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.property.name='utils'][property.name=/^generateKeyPair/]",
          message:
            "One ed25519 key in 256 that ssh2 makes is malformed: use board/ssh/key-pair.ts, which is OpenSSH's.",
        },
      ],
    },
  },
  {
    files: ['test/unit/*.test.ts', 'test/faults/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          name: 'ava',
          importNames: ['default'],
          message: 'Take test from together/counted.ts, or unit/together.ts: the last line accounts for each test.',
        },
      ],
    },
  },
);
