// The policy that uses every core, where oneTBB was found.
#pragma once

#ifdef BASKET_BENCHMARK_THREADS
#include "basket/parallel/threads.hpp"

using all_threads = basket::parallel::threads;
#endif
