"""`python -m prelock`."""

from prelock.cli import main

if __name__ == "__main__":
    main()
