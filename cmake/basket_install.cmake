# Install rules: headers, one export file per target, and a package configuration that knows the components.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(basket_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/basket")

install(TARGETS basket EXPORT basketTargets FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT basketTargets NAMESPACE basket:: DESTINATION "${basket_package_dir}")

set(basket_component_lines "")
foreach(component IN LISTS basket_components)
  install(TARGETS basket_${component} EXPORT basket_${component}Targets
          FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT basket_${component}Targets NAMESPACE basket:: DESTINATION "${basket_package_dir}")
  string(APPEND basket_component_lines "set(basket_${component}_packages ${basket_${component}_packages})\n")
endforeach()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/basketConfig.cmake.in" "${PROJECT_BINARY_DIR}/basketConfig.cmake"
                              INSTALL_DESTINATION "${basket_package_dir}")
# Nothing here is compiled, so one installed package serves every architecture.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/basketConfigVersion.cmake" COMPATIBILITY SameMinorVersion
                                 ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/basketConfig.cmake" "${PROJECT_BINARY_DIR}/basketConfigVersion.cmake"
        DESTINATION "${basket_package_dir}")
