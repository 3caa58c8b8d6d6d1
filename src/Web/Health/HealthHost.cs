using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Replica.Peer.Host;
using Replica.Web.Metrics;
using Replica.Web.WebSockets;

namespace Replica.Web.Health;

/// <summary>Serves <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> on loopback, to whoever is on this machine. Nothing there is secret.</summary>
public sealed class HealthHost : IAsyncDisposable
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;
    private int _isStopping;

    private HealthHost(WebApplication application, IPEndPoint endPoint)
    {
        _application = application;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens, with its real port.</summary>
    public IPEndPoint EndPoint { get; private set; }

    /// <summary>Starts to serve.</summary>
    /// <param name="listen">An address of loopback; port 0 takes a free one.</param>
    /// <param name="home">The home that is to be ready; it must outlive the server.</param>
    /// <param name="page">What <c>/metrics</c> shows.</param>
    /// <param name="time">Measures how long the home may take to answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ReplicaException">The address can't be had, such as <c>REPLICA_ADDRESS_IN_USE</c>.</exception>
    public static async Task<HealthHost> StartAsync(
        IPEndPoint listen, ReplicaHome home, MeterPage page, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = HttpHost.CreateBuilder();
        HttpHost.Listen(builder, listen.Address.ToString(), listen.Port, isSecure: false);
        var application = builder.Build();
        try
        {
            var host = new HealthHost(application, listen);
            _ = application.Use(static (context, next) => IsAllowed(context) ? next(context) : Task.CompletedTask);
            _ = application.UseRouting();
            _ = application.MapGet("/healthz", static context => TextAsync(context, StatusCodes.Status200OK, "ok"));
            _ = application.MapGet("/readyz", context => host.AnswerReadyAsync(context, home, time));
            _ = application.MapGet("/metrics", context =>
            {
                context.Response.ContentType = MeterPage.ContentType;
                return context.Response.WriteAsync(page.Write(), context.RequestAborted);
            });
            host.EndPoint = await HttpHost.StartLoopbackAsync(application, listen, cancellationToken);
            return host;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says from now on that the home is not ready: it is about to end.</summary>
    public void SetStopping() => Volatile.Write(ref _isStopping, 1);

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync() => await HttpHost.StopAsync(_application, s_stopLimit);

    private static bool IsAllowed(HttpContext context)
    {
        if (LoopbackHost.IsNamed(context) && !LoopbackHost.IsFromPage(context))
        {
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return false;
    }

    private static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private async Task AnswerReadyAsync(HttpContext context, ReplicaHome home, TimeProvider time)
    {
        if (Volatile.Read(ref _isStopping) != 0)
        {
            await TextAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping");
            return;
        }

        try
        {
            // Each space's writer is asked, behind what it has to do.
            _ = await home.GetStatusAsync(context.RequestAborted).WaitAsync(s_answerLimit, time, context.RequestAborted);
            await TextAsync(context, StatusCodes.Status200OK, "ready");
        }
        catch (TimeoutException)
        {
            await TextAsync(context, StatusCodes.Status503ServiceUnavailable, $"a space did not answer within {s_answerLimit.TotalSeconds:0} s");
        }
        catch (ReplicaException fault)
        {
            await TextAsync(context, StatusCodes.Status503ServiceUnavailable, fault.Code);
        }
    }
}
