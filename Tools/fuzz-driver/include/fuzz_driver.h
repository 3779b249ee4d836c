#ifndef TALUS_FUZZ_DRIVER_H
#define TALUS_FUZZ_DRIVER_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's loop, which comes with the compiler's -sanitize=fuzzer. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));

#endif
