# Warnings for our own units only: nothing here reaches an INTERFACE target that a user links.
# The options are set on the directory (not on a target) so that the header verification units get them too.
if(BASKET_STRICT AND PROJECT_IS_TOP_LEVEL)
  add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
endif()
