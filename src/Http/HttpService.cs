using Bixbite.AccessControl.Authenticating;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Metrics;
using Bixbite.Engine.Modules;
using Bixbite.Http.Console;
using Bixbite.Http.Pages;
using Bixbite.Http.Requests;
using Bixbite.Net;
using Bixbite.Platform;

namespace Bixbite.Http;

/// <summary>HTTP as a server has it: a handler for each loop, and what all of them together have done.</summary>
public sealed class HttpService
{
    private readonly HttpSite _site;
    private readonly HttpSettings _settings;
    private readonly IClock _clock;
    private readonly int _loopCount;
    private readonly List<(EventLoop Loop, HttpHandler Handler)> _handlers = [];

    /// <param name="server">Has what the pages tell of; commands may come later.</param>
    /// <param name="loopCount">How many loops there will be.</param>
    /// <param name="isProtectedFrom">Whether protected mode keeps a connection out.</param>
    /// <param name="clients">The handler of a loop's clients, asked for while the loops run.</param>
    public HttpService(
        ServerBuilder server, int loopCount, Func<Connection, bool> isProtectedFrom, Func<EventLoop, IConnectionHandler> clients)
    {
        _settings = server.Get<HttpSettings>();
        _clock = server.Clock;
        _loopCount = loopCount;
        _site = new HttpSite(
            new MetricsPage(server.Get<RequestLogin>(), server.Get<CommandTable>(), server.Get<MetricSources>()),
            new HealthPages(server.Get<Readiness>()),
            new ConsolePages(new ConsoleFiles(typeof(HttpService).Assembly), new ConsoleSocket(clients)),
            new HostRule(server.Get<Authentication>(), _settings))
        {
            IsProtectedFrom = isProtectedFrom,
        };
        AddFacts(server.Info["HTTP"]);
    }

    /// <summary>Makes the handler of a loop; called once for each, before they run.</summary>
    public IConnectionHandler CreateHandler(EventLoop loop)
    {
        HttpHandler handler = new(_site, _settings, _loopCount, loop, _clock);
        _handlers.Add((loop, handler));
        return handler;
    }

    /// <summary>Has each loop close who is late. Now and then, on any loop's thread.</summary>
    public void CloseLate()
    {
        foreach ((EventLoop loop, HttpHandler handler) in _handlers)
        {
            if (handler.Counts.Open > 0)
            {
                loop.Post(handler.CloseLate);
            }
        }
    }

    private void AddFacts(InfoSection section)
    {
        section.IsOfInterest = () => _settings.Port.Value != 0;
        section.Gauge("http_connections", () => _handlers.Sum(static served => served.Handler.Counts.Open));
        section.Counter("http_requests", () => _handlers.Sum(static served => served.Handler.Counts.Requests));
        section.Counter("http_requests_refused", () => _handlers.Sum(static served => served.Handler.Counts.Refused));
        section.Counter("http_connections_dropped", () => _handlers.Sum(static served => served.Handler.Counts.Dropped));
    }
}
