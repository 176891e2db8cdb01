using Microsoft.AspNetCore.DataProtection;
using Shop;
using Shop.Orders;
using Shop.Store;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
IServiceCollection services = builder.Services;

// The store, and what ASP.NET Core keeps in it: keys of cookies, cached pages, and the messages between hosts.
services.AddStore(builder.Configuration);
services.AddDataProtection().SetApplicationName("shop").KeepKeysInStore();
services.KeepPagesInStore();
services.AddOutputCache(static options => options.AddPolicy(
    Catalogue.CachePolicy, static policy => policy.Expire(TimeSpan.FromMinutes(5)).Tag(Catalogue.CachePolicy)));
services.AddSignalR().AddBackplane();
services.AddTastingLimit(builder.Configuration.GetSection("Tastings"));
services.AddSession(static options =>
{
    options.Cookie.Name = "shop-session";
    options.Cookie.IsEssential = true;
    options.IdleTimeout = TimeSpan.FromDays(1);
});

// The shop.
services.Configure<OrderOptions>(builder.Configuration.GetSection("Orders"));
services.AddSingleton(TimeProvider.System);
services.AddSingleton<Catalogue>().AddSingleton<OrderQueue>().AddHostedService<Packer>();
services.AddHttpContextAccessor().AddScoped<Cart>();
services.AddRazorPages();

WebApplication app = builder.Build();
app.UseStatusCodePagesWithReExecute("/Status/{0}");
app.UseStaticFiles();
app.UseRouting();
app.UseSession();
app.UseRateLimiter();
app.UseOutputCache();
app.MapRazorPages();
app.MapHub<LiveHub>("/live");
app.MapHealthChecks("/health");
app.Lifetime.ApplicationStarted.Register(() => app.TellAddressOfStore());
app.Run();
