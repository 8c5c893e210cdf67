# Warnings for our own units only: nothing here reaches an INTERFACE target that a user links.
# The options are set on the directory (not on a target) so that the header verification units get them too.
if(BASKET_STRICT AND PROJECT_IS_TOP_LEVEL)
  add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
  # These come from g++'s optimiser, not its parser, and name lines inside the standard library and Eigen; g++ 12 is
  # often wrong about them. They stay visible; the sanitizers are what decides.
  add_compile_options(
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-error=stringop-overflow;-Wno-error=stringop-overread;-Wno-error=array-bounds;-Wno-error=restrict;-Wno-error=maybe-uninitialized;-Wno-error=free-nonheap-object>"
  )
endif()
