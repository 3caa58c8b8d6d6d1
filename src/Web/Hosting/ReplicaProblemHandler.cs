using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Replica.Peer.Host;
using Replica.Web.Endpoints;

namespace Replica.Web.Hosting;

/// <summary>Answers a request that ended by a <see cref="ReplicaException"/> with a problem document; leaves other exceptions to others.</summary>
internal sealed partial class ReplicaProblemHandler(ILogger<ReplicaProblemHandler> log) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not ReplicaException fault)
        {
            return false;
        }

        var status = Problems.StatusOf(fault.Code);
        var isTheirs = status < StatusCodes.Status500InternalServerError;
        if (!isTheirs)
        {
            Failed(log, fault.Code, fault.Message);
        }

        await TypedResults.Problem(new ProblemDetails
        {
            Title = Problems.Title(status),
            Status = status,
            // What is wrong with this machine names its files: that is for its operator's log, not for whoever asked.
            Detail = isTheirs ? fault.Message : null,
            Extensions = { ["code"] = fault.Code },
        }).ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(EventId = 1, EventName = "RequestFailed", Level = LogLevel.Error, Message = "A request could not be answered: {Message} ({Code})")]
    private static partial void Failed(ILogger log, string code, string message);
}
