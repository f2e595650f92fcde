/* SPDX-License-Identifier: MIT */
/* replay.c - feeds every file of a folder to a fuzzer: its corpus as an ordinary test. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
	uint8_t *data, *exact;
	FILE *f = fopen(path, "rb");
	size_t len;

	if (!f)
		return -errno;
	data = malloc(INPUT_MAX);
	len = data ? fread(data, 1, INPUT_MAX, f) : 0;
	fclose(f);

	/* No byte more than the input: AddressSanitizer sees a read past its end. */
	exact = malloc(len ? len : 1);
	if (!data || !exact)
		abort();
	memcpy(exact, data, len);
	free(data);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	dir = argc == 2 ? opendir(argv[1]) : NULL;
	if (!dir) {
		fprintf(stderr, "usage: replay FOLDER\n");
		return 2;
	}

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		fprintf(stderr, "%s\n", entry->d_name);
		if (replay_file(path) < 0) {
			perror(path);
			return 1;
		}
		n++;
	}
	closedir(dir);

	/* An empty folder proves nothing. */
	return n > 0 ? 0 : 1;
}
