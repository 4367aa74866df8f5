// SPDX-License-Identifier: MIT
/** What a release consists of, file by file, and what its tests need of others: SPDX 2.3 (ISO/IEC 5962), as JSON. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { releaseTag, type Release } from './version.ts';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
}

const digest = (algorithm: string, data: Buffer | string): string => createHash(algorithm).update(data).digest('hex');

export async function softwareBill(tree: string, release: Release, tarball: string, path: string): Promise<string> {
  const { version, commit, epoch } = release;
  const files = await filesOf(tree);
  const locked = await npmPackages(tree);
  const source = {
    SPDXID: 'SPDXRef-rpmsg-sdb',
    name: 'rpmsg-sdb',
    versionInfo: version,
    packageFileName: basename(tarball),
    supplier: 'Organization: The rpmsg_sdb project (maintainers@rpmsg-sdb.example)',
    downloadLocation: `git+https://rpmsg-sdb.example/rpmsg_sdb.git@${releaseTag(version)}`,
    filesAnalyzed: true,
    packageVerificationCode: {
      packageVerificationCodeValue: digest(
        'sha1',
        files
          .map((file) => file.sha1)
          .sort()
          .join(''),
      ),
    },
    checksums: [{ algorithm: 'SHA256', checksumValue: digest('sha256', await readFile(tarball)) }],
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'GPL-2.0-only AND MIT AND GPL-2.0-or-later',
    licenseInfoFromFiles: [...new Set(files.map((file) => file.license))].sort(),
    copyrightText: 'NOASSERTION',
  };
  const bill = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `rpmsg-sdb-${version}`,
    documentNamespace: `https://rpmsg-sdb.example/spdx/rpmsg-sdb-${version}-${commit}`,
    creationInfo: {
      created: new Date(epoch * 1000).toISOString().replace('.000Z', 'Z'),
      creators: ['Organization: The rpmsg_sdb project', `Tool: npm-run-release-${version}`],
    },
    packages: [source, ...locked],
    files: files.map(({ name, sha1, sha256, license }, i) => ({
      SPDXID: `SPDXRef-file-${i}`,
      fileName: `./${name}`,
      checksums: [
        { algorithm: 'SHA1', checksumValue: sha1 },
        { algorithm: 'SHA256', checksumValue: sha256 },
      ],
      licenseConcluded: 'NOASSERTION',
      licenseInfoInFiles: [license],
      copyrightText: 'NOASSERTION',
    })),
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: source.SPDXID },
      ...files.map((_, i) => ({
        spdxElementId: source.SPDXID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: `SPDXRef-file-${i}`,
      })),
      ...locked.map(({ SPDXID }) => ({
        spdxElementId: SPDXID,
        relationshipType: 'TEST_DEPENDENCY_OF',
        relatedSpdxElement: source.SPDXID,
      })),
    ],
  };
  await writeFile(path, `${JSON.stringify(bill, undefined, 2)}\n`);
  return path;
}

async function filesOf(tree: string) {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const described = paths.map(async (path) => {
    const data = await readFile(path);
    // Only the first lines: further down the words may be a text that is about them.
    const head = data.subarray(0, 1000).toString().split('\n').slice(0, 5).join('\n');
    const [, license = 'NOASSERTION'] =
      /SPDX-License-Identifier: ([\w.+-]+(?: (?:OR|AND|WITH) [\w.+-]+)*)/.exec(head) ?? [];
    return { name: relative(tree, path), sha1: digest('sha1', data), sha256: digest('sha256', data), license };
  });
  // By code units: no host's idea of an alphabet.
  return (await Promise.all(described)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What `npm ci` brings for building and testing. None of it is in the release. */
async function npmPackages(tree: string) {
  const lock = JSON.parse(await readFile(join(tree, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, { version, license, integrity }], i) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const [algorithm, checksum] = integrity?.split('-', 2) ?? [];
      return {
        SPDXID: `SPDXRef-npm-${i}`,
        name,
        versionInfo: version,
        downloadLocation: 'NOASSERTION',
        filesAnalyzed: false,
        ...(algorithm === 'sha512' && checksum !== undefined
          ? { checksums: [{ algorithm: 'SHA512', checksumValue: Buffer.from(checksum, 'base64').toString('hex') }] }
          : {}),
        licenseConcluded: 'NOASSERTION',
        licenseDeclared: license ?? 'NOASSERTION',
        copyrightText: 'NOASSERTION',
        externalRefs: [
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: `pkg:npm/${name.replace('@', '%40')}@${version}`,
          },
        ],
      };
    });
}
