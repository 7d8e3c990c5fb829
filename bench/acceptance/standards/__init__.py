"""What is given in the forms of standards, held to models and programs made by others."""
