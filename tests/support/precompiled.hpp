// What every test unit includes. No header of ours and no decomposition: what a test includes itself must suffice.
#pragma once

// Before fmt: its "#pragma GCC optimize" leaves __OPTIMIZE__ defined in a precompiled header of g++ at -O0, and the
// compiler's own intrinsics then take a form that only compiles with optimisation.
#if defined(__SSE__)
#include <immintrin.h>
#endif

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>
