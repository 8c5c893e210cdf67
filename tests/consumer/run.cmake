# Configures, builds and runs one consumer from nothing: cmake -D source=... -D binary=... -D prefix=... -D basket=...
# -D generator=... -D compiler=... -P run.cmake
file(REMOVE_RECURSE "${binary}")
execute_process(
  COMMAND "${CMAKE_COMMAND}" -S "${source}" -B "${binary}" -G "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}"
          "-DCMAKE_PREFIX_PATH=${prefix}" "-Dbasket=${basket}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${binary}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${binary}/consumer" COMMAND_ERROR_IS_FATAL ANY)
