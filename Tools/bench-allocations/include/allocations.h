#ifndef TALUS_BENCH_ALLOCATIONS_H
#define TALUS_BENCH_ALLOCATIONS_H

#include <stdint.h>

/* Calls of malloc, calloc, realloc and their aligned kin in this process so far. */
uint64_t bench_allocations(void);

/* Bytes that those calls asked for. */
uint64_t bench_allocated_bytes(void);

#endif
