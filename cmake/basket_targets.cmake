# The library's targets: basket::basket, and one target for each optional row whose dependency is on this machine.
# An optional row is a COMPONENT of the installed package.

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(xtensor REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(fmt REQUIRED)

set(basket_folders
    core numeric stats
    model concepts
    source taxonomy exposure series similarity cluster regress weight strategy execution cost learn calibrate
    backtest report)

# Adds the INTERFACE library `target` (seen as `alias`) that holds the headers of `folders`.
#
# The headers are globbed: adding a component is adding a header, and no list needs to follow. CONFIGURE_DEPENDS makes
# the build look again each time.
function(basket_add_library target alias)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "FOLDERS;LINK")
  set(headers "")
  foreach(folder IN LISTS arg_FOLDERS)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/basket/${folder}/*.hpp")
    list(APPEND headers ${found})
  endforeach()
  if(target STREQUAL "basket")
    file(GLOB found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/basket/*.hpp")
    list(APPEND headers ${found})
  endif()
  list(SORT headers)

  add_library(${target} INTERFACE)
  add_library(${alias} ALIAS ${target})
  string(REPLACE "basket::" "" export_name "${alias}")
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export_name} VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})
  target_sources(${target} INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${headers})
  target_compile_features(${target} INTERFACE cxx_std_20)
  target_link_libraries(${target} INTERFACE ${arg_LINK})
  set(${target}_headers "${headers}" PARENT_SCOPE)
endfunction()

basket_add_library(basket basket::basket FOLDERS ${basket_folders} LINK Eigen3::Eigen xtensor Boost::headers fmt::fmt)

# Each optional row: its folder, the packages that must be found, the targets to link.
set(basket_components "")

find_package(ZLIB QUIET)
find_package(yaml-cpp QUIET)
if(ZLIB_FOUND AND yaml-cpp_FOUND)
  basket_add_library(basket_files basket::files FOLDERS files LINK basket ZLIB::ZLIB yaml-cpp)
  set(basket_files_packages ZLIB yaml-cpp)
  list(APPEND basket_components files)
else()
  message(STATUS "basket::files is left out: it needs zlib and yaml-cpp.")
endif()

find_package(TBB QUIET)
if(TBB_FOUND AND IS_DIRECTORY "${PROJECT_SOURCE_DIR}/include/basket/parallel")
  basket_add_library(basket_parallel basket::parallel FOLDERS parallel LINK basket TBB::tbb)
  set(basket_parallel_packages TBB)
  list(APPEND basket_components parallel)
endif()
