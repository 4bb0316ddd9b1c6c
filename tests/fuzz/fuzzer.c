/* The entry points that libFuzzer calls. KHOBOR_FUZZ names the target. */
#include "fuzz.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    fuzz_run(fuzz_find(getenv("KHOBOR_FUZZ")), bytes, len);
    return 0;
}
