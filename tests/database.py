"""The database of one test and the logins that reach it."""

from dataclasses import dataclass

PASSWORD = "only-for-tests"


@dataclass(frozen=True)
class Database:
    """A clone of the deployed template, gone after the test."""

    name: str
    host: str
    port: int

    @property
    def administrator_url(self) -> str:
        """As the superuser: migrations, plan, publish."""
        return self.url("postgres")

    @property
    def server_url(self) -> str:
        """As the web server's login."""
        return self.url("qryvanta_server")

    @property
    def worker_url(self) -> str:
        """As the workers' login."""
        return self.url("qryvanta_worker")

    @property
    def publisher_url(self) -> str:
        """As the login of online publish steps."""
        return self.url("qryvanta_publisher")

    @property
    def backup_url(self) -> str:
        """As the login of pg_dump."""
        return self.url("qryvanta_backup")

    def url(self, login: str, password: str = PASSWORD) -> str:
        """As any other login, for example one for BI."""
        return f"postgresql://{login}:{password}@{self.host}:{self.port}/{self.name}"
