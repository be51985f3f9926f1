// htmx starts by itself. Its own settings stand in the page: <meta name="htmx-config">.
import "htmx.org";
