"""The project's papers, and the programs that write the generated ones: `make docs`."""
