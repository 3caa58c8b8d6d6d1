using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Replica.Peer.Host;

namespace Replica.Web.Hosting;

/// <summary>Adds a space to an application that is built from services.</summary>
public static class ReplicaServices
{
    /// <summary>
    /// Adds a space that the host opens before it starts any service, and closes after it stopped them: as <see cref="HostedSpace"/>,
    /// and as <see cref="ReplicaSpace"/> for what is made after the start, such as the endpoints of a request.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="path">The home's directory.</param>
    /// <param name="options">Which space and how; messages go to the application's log if it names no other.</param>
    /// <exception cref="InvalidOperationException">One was added before; more spaces of a home are opened through <see cref="ReplicaSpace.Home"/>.</exception>
    public static IServiceCollection AddReplica(this IServiceCollection services, string path, SpaceOptions? options = null)
    {
        if (services.Any(static service => service.ServiceType == typeof(HostedSpace)))
        {
            throw new InvalidOperationException("A space was added before: open others of its home through ReplicaSpace.Home.");
        }

        return services
            .AddSingleton(provider => new HostedSpace(path, options ?? new(), provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance))
            .AddSingleton<IHostedService>(static provider => provider.GetRequiredService<HostedSpace>())
            .AddSingleton(static provider => provider.GetRequiredService<HostedSpace>().Space);
    }

    /// <summary>
    /// Lets requests that end by a <see cref="ReplicaException"/> be answered with a problem document [RFC9457] that has its stable
    /// <c>code</c>: 4xx with the message where who asked can mend it, 503 and 500 without, as that is for the log. The application
    /// calls <c>UseExceptionHandler()</c>; exceptions of other kinds stay its own business.
    /// </summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddReplicaProblems(this IServiceCollection services) =>
        services.AddProblemDetails().AddExceptionHandler<ReplicaProblemHandler>();
}
