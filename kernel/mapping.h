/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPMSG_SDB_MAPPING_H
#define RPMSG_SDB_MAPPING_H

struct sdb_buffer;
struct vm_area_struct;

/**
 * sdb_buffer_map() - map a buffer
 * @buffer: on success the mapping holds a reference
 * @vma: what is to be mapped; its vm_pgoff becomes @first
 * @first: page of the buffer that the mapping begins with
 *
 * Return: 0; -EINVAL it is not all in the buffer; -EACCES for a writable private
 * mapping of a file that was opened for reading; or what the memory's kind said.
 */
int sdb_buffer_map(struct sdb_buffer *buffer, struct vm_area_struct *vma, unsigned long first);

#endif /* RPMSG_SDB_MAPPING_H */
